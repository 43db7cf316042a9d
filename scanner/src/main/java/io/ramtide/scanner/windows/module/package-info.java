/** The kernel's modules: by their list, and by scan. */
package io.ramtide.scanner.windows.module;
