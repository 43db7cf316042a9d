/** What the loader leaves of the kernel: image, start-up code, debugger block, shared page. */
package io.ramtide.testkit.windows.image;
