/** Kernel modules, drivers, service table and callbacks. */
package io.ramtide.testkit.windows.driver;
