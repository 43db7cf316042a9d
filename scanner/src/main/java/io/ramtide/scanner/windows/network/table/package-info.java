/** tcpip.sys's own tables of its endpoints. */
package io.ramtide.scanner.windows.network.table;
