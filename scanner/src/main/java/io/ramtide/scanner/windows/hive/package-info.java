/** Registry hives in memory: where they are, their maps and cells. */
package io.ramtide.scanner.windows.hive;
