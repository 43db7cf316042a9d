/** Logging: one line a message on standard error, and hardly any. */
package io.ramtide.cli.log;
