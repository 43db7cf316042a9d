package io.ramtide.acquirer.libvirt;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** libvirt's XML. */
final class Xml {
  private Xml() {}

  /** The texts of the elements or attributes that an XPath finds; none in what is no XML. */
  static List<String> texts(String xml, String path) {
    try {
      NodeList nodes =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(path, parse(xml), XPathConstants.NODESET);
      List<String> texts = new ArrayList<>(nodes.getLength());
      for (int i = 0; i < nodes.getLength(); i++) {
        texts.add(nodes.item(i).getTextContent().trim());
      }
      return texts;
    } catch (SAXException e) {
      return List.of();
    } catch (ParserConfigurationException | XPathExpressionException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Optional<String> text(String xml, String path) {
    return texts(xml, path).stream().findFirst();
  }

  /** As the value of an attribute or element. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("'", "&apos;")
        .replace("\"", "&quot;");
  }

  private static Document parse(String xml)
      throws ParserConfigurationException, SAXException, IOException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null); // it prints to stderr
    return builder.parse(new InputSource(new StringReader(xml)));
  }
}
