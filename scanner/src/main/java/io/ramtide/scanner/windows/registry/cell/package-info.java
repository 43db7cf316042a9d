/** What cells of a hive hold: keys, lists, values, data, owners. One key at a time. */
package io.ramtide.scanner.windows.registry.cell;
