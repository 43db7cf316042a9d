/** The simulated incident. */
package io.ramtide.cli.demo;
