/** Cuts a pass over RAM into chunks: what changed, what is zero, what could not be read. */
package io.ramtide.acquirer.pages;
