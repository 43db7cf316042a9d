/** Options that several commands share. */
package io.ramtide.cli.options;
