/** Files, mutexes and symbolic links: by pool scan, by handle, by directory. */
package io.ramtide.scanner.windows.named;
