/** Hives in memory: the hive object, its maps, blocks and cells. */
package io.ramtide.testkit.windows.hive;
