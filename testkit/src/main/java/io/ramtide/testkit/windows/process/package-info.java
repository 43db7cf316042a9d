/** Processes and threads, and the lists that hold them. */
package io.ramtide.testkit.windows.process;
