/** The object manager: headers, types, names, directories, handle tables, objects in the pool. */
package io.ramtide.scanner.windows.object;
