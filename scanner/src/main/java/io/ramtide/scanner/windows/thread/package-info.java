/** Threads: by their process's lists, by PspCidTable and by scan, and the modules they began in. */
package io.ramtide.scanner.windows.thread;
