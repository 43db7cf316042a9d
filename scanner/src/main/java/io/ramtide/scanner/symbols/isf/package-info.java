/** Makes symbol data of ISF JSON, the symbol tables of Volatility 3. */
package io.ramtide.scanner.symbols.isf;
