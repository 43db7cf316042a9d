/** What every decoder works in: the guest, its structures and texts, and where findings go. */
package io.ramtide.scanner.windows.guest;
