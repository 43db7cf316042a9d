/** Virtual to physical: paging modes as data, one engine that walks any of them. */
package io.ramtide.scanner.paging;
