/** Layouts of Windows structures, from data files, chosen by the kernel's PDB. */
package io.ramtide.scanner.symbols;
