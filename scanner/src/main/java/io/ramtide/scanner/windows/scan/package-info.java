/** The one pass over a guest's memory that everything else starts from. */
package io.ramtide.scanner.windows.scan;
