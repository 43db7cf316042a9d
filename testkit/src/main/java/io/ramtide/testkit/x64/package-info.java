/** Four-level page tables of x86-64, written into guest RAM. */
package io.ramtide.testkit.x64;
