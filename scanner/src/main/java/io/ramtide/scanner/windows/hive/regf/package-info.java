/** Hives of memory as files in the registry's own format (regf). */
package io.ramtide.scanner.windows.hive.regf;
