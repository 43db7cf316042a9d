/** Kernel pool in scattered pages. */
package io.ramtide.testkit.windows.pool;
