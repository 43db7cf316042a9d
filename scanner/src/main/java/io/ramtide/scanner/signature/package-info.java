/** Finds many byte signatures and page-table roots in one pass over physical memory. */
package io.ramtide.scanner.signature;
