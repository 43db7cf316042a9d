/** The object manager: headers, types, names, handle tables, and the objects that live in it. */
package io.ramtide.testkit.windows.object;
