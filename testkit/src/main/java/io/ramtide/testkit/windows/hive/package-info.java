/** Registry hives: their memory, cells, keys and values, and what is in them after a start. */
package io.ramtide.testkit.windows.hive;
