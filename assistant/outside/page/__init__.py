"""The page for phone, tablet and television: a small web server in a process of its own."""
