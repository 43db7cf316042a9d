/** What reading a guest's RAM costs. */
package io.ramtide.bench.pass;
