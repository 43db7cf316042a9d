/** Keys and values of a hive, written into its cells. */
package io.ramtide.testkit.windows.key;
