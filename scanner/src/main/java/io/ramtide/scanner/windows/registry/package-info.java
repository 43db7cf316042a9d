/** Registry keys and values, read from the cells of hives. */
package io.ramtide.scanner.windows.registry;
