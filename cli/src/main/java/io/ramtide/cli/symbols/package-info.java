/** Importing and listing symbol tables. */
package io.ramtide.cli.symbols;
