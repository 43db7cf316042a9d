/** Registry hives of a dump as files. */
package io.ramtide.cli.hive;
