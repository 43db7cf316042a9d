/** A whole machine, its decoys and its faults. */
package io.ramtide.testkit.windows.machine;
