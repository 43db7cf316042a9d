/** The tables by which system calls find their services. */
package io.ramtide.scanner.windows.ssdt;
