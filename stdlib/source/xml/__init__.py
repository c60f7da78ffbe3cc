"""Documents of XML: xml.etree has them as trees."""
