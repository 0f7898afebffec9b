"""A few dozen lines over WSGI: routes, problems, observation, and a server that drains before it stops."""
