/** Drivers: DRIVER_OBJECTs and their entry points. */
package io.ramtide.scanner.windows.driver;
