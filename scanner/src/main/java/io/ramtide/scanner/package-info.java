/** Rebuilds guest RAM from captures and decodes Windows from it. Knows nothing of hypervisors. */
package io.ramtide.scanner;
