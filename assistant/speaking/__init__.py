"""Speaking: sentences and chimes become sound, in a process of its own. Its door is `Speaking`, in
`speaker`."""
