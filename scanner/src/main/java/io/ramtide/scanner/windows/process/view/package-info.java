/** The ways to find processes that start from what refers to them, rather than from themselves. */
package io.ramtide.scanner.windows.process.view;
