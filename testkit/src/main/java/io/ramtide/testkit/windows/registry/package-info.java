/** The registry: all hives mounted, what is in them after a start, and changes. */
package io.ramtide.testkit.windows.registry;
