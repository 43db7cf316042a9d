/** What a process keeps in user space: parameters, environment, and the loader's modules. */
package io.ramtide.scanner.windows.user;
