/** Ramtide: testkit. */
package io.ramtide.testkit;
