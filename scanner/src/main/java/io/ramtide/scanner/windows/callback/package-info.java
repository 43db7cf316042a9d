/** Routines that the kernel calls when something happens. */
package io.ramtide.scanner.windows.callback;
