/** What is true of the objects in a simulated guest, a record for each kind. */
package io.ramtide.testkit.truth;
