"""What the API's documentation says: descriptions for handlers, the document made of them."""
