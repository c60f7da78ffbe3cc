"""What goes wrong with requests."""

from requests import ConnectionError, HTTPError, JSONDecodeError, RequestException, Timeout
