/** Tokens: on whose behalf, and with which rights, a process runs. */
package io.ramtide.scanner.windows.token;
