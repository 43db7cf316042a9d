/** Ramtide: acquirer. */
package io.ramtide.acquirer;
