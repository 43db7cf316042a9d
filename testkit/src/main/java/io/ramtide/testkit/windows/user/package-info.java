/** The user half of a process: images, loader lists, parameters, regions. */
package io.ramtide.testkit.windows.user;
