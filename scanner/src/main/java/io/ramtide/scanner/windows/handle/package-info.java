/** Open handles of processes, and what the objects behind them are called. */
package io.ramtide.scanner.windows.handle;
