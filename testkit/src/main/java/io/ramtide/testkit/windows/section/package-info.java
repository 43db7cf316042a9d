/** What is mapped into processes, and the page table entries that refer to it. */
package io.ramtide.testkit.windows.section;
